# Order parameter against the swept control.
eval(start_page)
set lmargin at screen plot_left
set rmargin at screen plot_right
set bmargin at screen plot_bottom
set tmargin at screen plot_top
if (!y_log && y_min < 0 && y_max > 0) { set xzeroaxis lt 1 lw 0.8 lc rgb faint }
y_middle = (plot_bottom + plot_top)/2
y_text = y_label
eval(label_y)
if (is_text) { eval(label_both) }

# Coexistence between the transition and the end of the ordered branch; the order of each transition above the plot.
# Many windows lie on top of each other.
window_density = windows > 3 ? 0.4/windows : 0.13
if (!is_text) {
    set for [k=1:windows] object k rectangle from window_low[k], graph 0 to window_high[k], graph 1 behind fc lt tint(window_curve[k]) fs transparent solid window_density noborder
    set for [k=1:marks] arrow k from mark_x[k], graph 0 to mark_x[k], graph 1 nohead back lw 0.8 lc tint(mark_curve[k])
    set for [k=1:marks] label k mark_label[k] at first mark_x[k], screen plot_top + (mark_row[k] + 0.55)*line_height center tc lt tint(mark_curve[k])
}

# In a terminal lines are letters too: points must stand on them.
plot for [k=1:(is_text ? theory_pieces : 0)] theory using (only(1, k, column(3))):4 with lines dt 2 lw theory_width lc rgb exact notitle, \
    for [k=1:unstable_pieces] unstable using (only(1, k, column(3))):4 with lines dt 3 lw line_width lc tint(unstable_curve[k]) notitle, \
    for [k=1:metastable_pieces] metastable using (only(1, k, column(3))):4 with lines dt 4 lw line_width lc tint(metastable_curve[k]) notitle, \
    for [k=1:warm_up_pieces] warm_up using (only(1, k, column(3))):4 with linespoints pt 8 ps point_size lw 0.7 lc tint(warm_up_curve[k]) notitle, \
    for [k=1:warm_down_pieces] warm_down using (only(1, k, column(3))):4 with linespoints pt 10 ps point_size lw 0.7 lc tint(warm_down_curve[k]) notitle, \
    for [k=1:curves] points using (only(1, k, column(2))):($3 - bar(4)):(0):(2*bar(4)) with vectors nohead lw 1 lc tint(k) notitle, \
    for [k=1:curves] points using (only(1, k, column(2))):3 with points pt shape(k) ps point_size lc tint(k) notitle, \
    for [k=1:population_pieces] population using (only(1, k, column(3))):4 with lines dt 3 lw theory_width lc rgb exact notitle, \
    for [k=1:(is_text ? 0 : theory_pieces)] theory using (only(1, k, column(3))):4 with lines dt 2 lw theory_width lc rgb exact notitle, \
    for [k=1:arrow_count] arrows every ::k-1::k-1 using 2:3:4:5 with vectors head filled size screen 0.011,20 lw 0.8 lc rgb exact notitle

eval(start_legend)
if (windows > 0 && !is_text) { box_color = window_color; k = legend_entries; eval(legend_box) }
up_entry = curves + has_warm_up
down_entry = up_entry + has_warm_down
theory_entry = down_entry + has_theory
population_entry = theory_entry + has_population
metastable_entry = population_entry + has_metastable
unstable_entry = metastable_entry + has_unstable
arrows_entry = unstable_entry + has_arrows
split_entry = arrows_entry + has_split
if (has_arrows && !is_text) { set arrow 999 from legend_x[arrows_entry], legend_y[arrows_entry] to legend_x[arrows_entry] + legend_sample, legend_y[arrows_entry] head filled size screen 0.011,20 lw 0.8 lc rgb exact }
plot NaN notitle, \
    for [k=1:(legend_entries > 0 ? curves : 0)] '+' using (middle(k)):(legend_y[k]) with points pt shape(k) ps 2*point_size lc tint(k) notitle, \
    for [k=1:has_warm_up] '+' using (legend_x[up_entry]):(legend_y[up_entry]):(legend_sample):(0) with vectors nohead lw 0.7 lc rgb faint notitle, \
    for [k=1:has_warm_up] '+' using (middle(up_entry)):(legend_y[up_entry]) with points pt 8 ps 1.6*point_size lw 0.7 lc rgb faint notitle, \
    for [k=1:has_warm_down] '+' using (legend_x[down_entry]):(legend_y[down_entry]):(legend_sample):(0) with vectors nohead lw 0.7 lc rgb faint notitle, \
    for [k=1:has_warm_down] '+' using (middle(down_entry)):(legend_y[down_entry]) with points pt 10 ps 1.6*point_size lw 0.7 lc rgb faint notitle, \
    for [k=1:has_theory] '+' using (legend_x[theory_entry]):(legend_y[theory_entry]):(legend_sample):(0) with vectors nohead dt 2 lw theory_width lc rgb exact notitle, \
    for [k=1:has_population] '+' using (legend_x[population_entry]):(legend_y[population_entry]):(legend_sample):(0) with vectors nohead dt 3 lw theory_width lc rgb exact notitle, \
    for [k=1:has_metastable] '+' using (legend_x[metastable_entry]):(legend_y[metastable_entry]):(legend_sample):(0) with vectors nohead dt 4 lw line_width lc rgb faint notitle, \
    for [k=1:has_unstable] '+' using (legend_x[unstable_entry]):(legend_y[unstable_entry]):(legend_sample):(0) with vectors nohead dt 3 lw line_width lc rgb faint notitle, \
    for [k=1:(is_text ? 0 : 2*has_split)] '+' using (legend_x[split_entry] + (0.3 + 0.2*k)*legend_sample):(legend_y[split_entry] + 0.12*(k - 1.5)) with points pt 7 ps 2*point_size lc rgb faint notitle
unset multiplot
unset output
