# Branches of stationary points round their folds.
eval(start_page)
set lmargin at screen plot_left
set rmargin at screen plot_right
set bmargin at screen plot_bottom
set tmargin at screen plot_top
y_middle = (plot_bottom + plot_top)/2
y_text = y_label
eval(label_y)
if (is_text) { eval(label_both) }

# Coexistence between the transition and the fold; the order of each transition above the plot.
window_density = windows > 3 ? 0.4/windows : 0.13
if (!is_text) {
    set for [k=1:windows] object k rectangle from window_low[k], graph 0 to window_high[k], graph 1 behind fc lt tint(window_curve[k]) fs transparent solid window_density noborder
    set for [k=1:marks] arrow k from mark_x[k], graph 0 to mark_x[k], graph 1 nohead back lw 0.8 lc tint(mark_curve[k])
    set for [k=1:marks] label k mark_label[k] at first mark_x[k], screen plot_top + (mark_row[k] + 0.55)*line_height center tc lt tint(mark_curve[k])
}

# An event of a curve, of one kind.
event_of(kind, curve) = column(1) == curve && column(4) == kind ? column(3) : NaN
plot for [k=1:unstable_pieces] unstable using (only(1, k, column(3))):4 with lines dt 2 lw line_width lc tint(unstable_curve[k]) notitle, \
    for [k=1:stable_pieces] stable using (only(1, k, column(3))):4 with lines lw line_width lc tint(stable_curve[k]) notitle, \
    for [k=1:curves] points using (only(1, k, column(2))):3 with points pt shape(k) ps 0.7*point_size lc tint(k) notitle, \
    for [k=1:(has_folds ? curves : 0)] events using 2:(event_of(0, k)) with points pt 6 ps 2*point_size lw 0.8 lc rgb exact notitle, \
    for [k=1:(has_maxwell ? curves : 0)] events using 2:(event_of(1, k)) with points pt 4 ps 1.6*point_size lw 0.8 lc rgb exact notitle, \
    for [k=1:(has_branch_points ? curves : 0)] events using 2:(event_of(2, k)) with points pt 12 ps 1.9*point_size lw 0.8 lc rgb exact notitle

eval(start_legend)
if (windows > 0 && !is_text) { box_color = window_color; k = legend_entries; eval(legend_box) }
stable_entry = curves + has_stable
unstable_entry = stable_entry + has_unstable
folds_entry = unstable_entry + has_folds
maxwell_entry = folds_entry + has_maxwell
branch_points_entry = maxwell_entry + has_branch_points
plot NaN notitle, \
    for [k=1:(legend_entries > 0 ? curves : 0)] '+' using (middle(k)):(legend_y[k]) with points pt shape(k) ps 2*point_size lc tint(k) notitle, \
    for [k=1:has_stable] '+' using (legend_x[stable_entry]):(legend_y[stable_entry]):(legend_sample):(0) with vectors nohead lw line_width lc rgb faint notitle, \
    for [k=1:has_unstable] '+' using (legend_x[unstable_entry]):(legend_y[unstable_entry]):(legend_sample):(0) with vectors nohead dt 2 lw line_width lc rgb faint notitle, \
    for [k=1:has_folds] '+' using (middle(folds_entry)):(legend_y[folds_entry]) with points pt 6 ps 2*point_size lw 0.8 lc rgb exact notitle, \
    for [k=1:has_maxwell] '+' using (middle(maxwell_entry)):(legend_y[maxwell_entry]) with points pt 4 ps 1.6*point_size lw 0.8 lc rgb exact notitle, \
    for [k=1:has_branch_points] '+' using (middle(branch_points_entry)):(legend_y[branch_points_entry]) with points pt 12 ps 1.9*point_size lw 0.8 lc rgb exact notitle
unset multiplot
unset output
