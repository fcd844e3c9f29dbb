# Order parameter against the swept control.
if (!is_text) {
    set lmargin at screen plot_left
    set rmargin at screen plot_right
    set bmargin at screen plot_bottom
    set tmargin at screen plot_top
} else {
    if (strlen(title) > 0) { set title title }
}
set xrange [x_min:x_max]
set yrange [y_min:y_max]
set xlabel x_label offset 0,0.4
set ylabel y_label offset 1.2,0
if (x_log) {
    set logscale x
    set xtics ()
    set for [k=1:x_tics] xtics add (x_tic_label[k] x_tic[k])
    set for [k=1:x_minor_tics] xtics add ('' x_minor_tic[k] 1)
}

# Coexistence between the transition and the end of the ordered branch; the order of each transition above the plot.
if (!is_text) {
    set for [k=1:windows] object k rectangle from window_low[k], graph 0 to window_high[k], graph 1 behind fc lt window_curve[k] fs transparent solid 0.13 noborder
    set for [k=1:marks] arrow k from mark_x[k], graph 0 to mark_x[k], graph 1 nohead back lw 0.8 lc mark_curve[k]
    set for [k=1:marks] label k mark_label[k] at first mark_x[k], screen plot_top + (mark_row[k] + 0.55)*line_height center tc lt mark_curve[k]
}

plot for [k=1:warm_up_pieces] warm_up using (only(1, k, column(3))):4 with linespoints pt 8 ps point_size*1.3 lw 0.7 lc warm_up_curve[k] notitle, \
    for [k=1:warm_down_pieces] warm_down using (only(1, k, column(3))):4 with linespoints pt 10 ps point_size*1.3 lw 0.7 lc warm_down_curve[k] notitle, \
    for [k=1:unstable_pieces] unstable using (only(1, k, column(3))):4 with lines dt 3 lw line_width lc unstable_curve[k] notitle, \
    for [k=1:metastable_pieces] metastable using (only(1, k, column(3))):4 with lines dt 4 lw line_width lc metastable_curve[k] notitle, \
    for [k=1:curves] points using (only(1, k, column(2))):3:(bar(4)) with yerrorbars pt shape(k) ps point_size lw 0.8 lc k notitle, \
    for [k=1:population_pieces] population using (only(1, k, column(3))):4 with lines dt 3 lw theory_width lc rgb exact notitle, \
    for [k=1:theory_pieces] theory using (only(1, k, column(3))):4 with lines dt 2 lw theory_width lc rgb exact notitle, \
    for [k=1:arrow_count] arrows every ::k-1::k-1 using 2:3:4:5 with vectors head filled size screen 0.014,20 lw 0.8 lc rgb exact notitle, \
    for [k=1:curves] keyentry with points pt shape(k) ps 2.2*point_size lc k title curve_label[k], \
    for [k=1:has_warm_up] keyentry with linespoints pt 8 ps 2*point_size lw 0.7 lc rgb faint title warm_up_label, \
    for [k=1:has_warm_down] keyentry with linespoints pt 10 ps 2*point_size lw 0.7 lc rgb faint title warm_down_label, \
    for [k=1:has_theory] keyentry with lines dt 2 lw theory_width lc rgb exact title theory_label, \
    for [k=1:has_population] keyentry with lines dt 3 lw theory_width lc rgb exact title population_label, \
    for [k=1:has_metastable] keyentry with lines dt 4 lw line_width lc rgb faint title metastable_label, \
    for [k=1:has_unstable] keyentry with lines dt 3 lw line_width lc rgb faint title unstable_label
unset output
