# The loss and its derivatives in panels that share the x axis.
set xrange [x_min:x_max]
if (x_log) {
    set logscale x
    set xtics ()
    set for [k=1:x_tics] xtics add (x_tic_label[k] x_tic[k])
    set for [k=1:x_minor_tics] xtics add ('' x_minor_tic[k] 1)
}
if (!is_text) {
    set lmargin at screen plot_left
    set rmargin at screen plot_right
    set for [k=1:windows] object k rectangle from window_low[k], graph 0 to window_high[k], graph 1 behind fc lt window_curve[k] fs transparent solid 0.13 noborder
    set for [k=1:marks] arrow k from mark_x[k], graph 0 to mark_x[k], graph 1 nohead back lw 0.8 lc mark_curve[k]
    set for [k=1:marks] label k mark_label[k] at first mark_x[k], screen plot_top + (mark_row[k] + 0.55)*line_height center tc lt mark_curve[k]
}
gap = panel_gap/height
panel_height = (plot_top - plot_bottom - (panels - 1)*gap)/panels
set ytics autofreq nomirror
set ytics mirror

if (is_text) { set multiplot layout panels,1 } else { set multiplot }
do for [p=1:panels] {
    if (!is_text) {
        set tmargin at screen plot_top - (p - 1)*(panel_height + gap)
        set bmargin at screen plot_top - (p - 1)*(panel_height + gap) - panel_height
    }
    if (p == 2 && !is_text) {
        unset for [k=1:marks] label k
        unset label 1000
    }
    set yrange [panel_min[p]:panel_max[p]]
    set ylabel panel_label[p] offset 1.2,0
    if (p == panels) { set xlabel x_label offset 0,0.4; set format x } else { set format x '' }
    if (p < panels) { set for [k=1:x_tics] xtics add ('' x_tic[k]) } else { set for [k=1:x_tics] xtics add (x_tic_label[k] x_tic[k]) }
    last = (p == panels)
    plot for [k=1:metastable_pieces] metastable using (only(1, k, column(3))):(column(3 + p)) with lines dt 4 lw line_width lc metastable_curve[k] notitle, \
        for [k=1:curves] points using (only(1, k, column(2))):(column(3*p)):(bar(1 + 3*p)) with yerrorbars pt shape(k) ps point_size lw 0.8 lc k notitle, \
        for [k=1:population_pieces] population using (only(1, k, column(3))):(column(3 + p)) with lines dt 3 lw theory_width lc rgb exact notitle, \
        for [k=1:theory_pieces] theory using (only(1, k, column(3))):(column(3 + p)) with lines dt 2 lw theory_width lc rgb exact notitle, \
        for [k=1:last*curves] keyentry with points pt shape(k) ps 2.2*point_size lc k title curve_label[k], \
        for [k=1:last*has_theory] keyentry with lines dt 2 lw theory_width lc rgb exact title theory_label, \
        for [k=1:last*has_population] keyentry with lines dt 3 lw theory_width lc rgb exact title population_label, \
        for [k=1:last*has_metastable] keyentry with lines dt 4 lw line_width lc rgb faint title metastable_label
}
unset multiplot
unset output
