# The loss and its derivatives in panels that share the x axis.
eval(start_page)
set lmargin at screen plot_left
set rmargin at screen plot_right
# Many windows lie on top of each other.
window_density = windows > 3 ? 0.4/windows : 0.13
if (!is_text) {
    set for [k=1:windows] object k rectangle from window_low[k], graph 0 to window_high[k], graph 1 behind fc lt tint(window_curve[k]) fs transparent solid window_density noborder
    set for [k=1:marks] arrow k from mark_x[k], graph 0 to mark_x[k], graph 1 nohead back lw 0.8 lc tint(mark_curve[k])
    set for [k=1:marks] label k mark_label[k] at first mark_x[k], screen plot_top + (mark_row[k] + 0.55)*line_height center tc lt tint(mark_curve[k])
}
gap = panel_gap/height
panel_height = (plot_top - plot_bottom - (panels - 1)*gap)/panels

do for [p=1:panels] {
    panel_top = plot_top - (p - 1)*(panel_height + gap)
    set tmargin at screen panel_top
    set bmargin at screen panel_top - panel_height
    if (p == 2) {
        if (!is_text) { unset for [k=1:marks] label k }
        unset label 1000
    }
    eval(panel_y_axis)
    y_middle = panel_top - panel_height/2
    y_text = is_text ? panel_symbol[p] : panel_label[p]
    eval(label_y)
    if (is_text) { set label 900 y_text at screen 0.01, screen y_middle left }
    if (p == panels) {
        set xlabel x_label offset 0,x_label_lift
        eval(x_ticks)
    } else {
        unset xlabel
        eval(x_ticks_bare)
    }
    plot for [k=1:metastable_pieces] metastable using (only(1, k, column(3))):(column(3 + p)) with lines dt 4 lw line_width lc tint(metastable_curve[k]) notitle, \
        for [k=1:curves] points using (only(1, k, column(2))):(column(3*p) - bar(1 + 3*p)):(0):(2*bar(1 + 3*p)) with vectors nohead lw 1 lc tint(k) notitle, \
        for [k=1:curves] points using (only(1, k, column(2))):(column(3*p)) with points pt shape(k) ps point_size lc tint(k) notitle, \
        for [k=1:population_pieces] population using (only(1, k, column(3))):(column(3 + p)) with lines dt 3 lw theory_width lc rgb exact notitle, \
        for [k=1:theory_pieces] theory using (only(1, k, column(3))):(column(3 + p)) with lines dt 2 lw theory_width lc rgb exact notitle
}

eval(start_legend)
if (windows > 0 && !is_text) { box_color = window_color; k = legend_entries; eval(legend_box) }
theory_entry = curves + has_theory
population_entry = theory_entry + has_population
metastable_entry = population_entry + has_metastable
plot NaN notitle, \
    for [k=1:(legend_entries > 0 ? curves : 0)] '+' using (middle(k)):(legend_y[k]) with points pt shape(k) ps 2*point_size lc tint(k) notitle, \
    for [k=1:has_theory] '+' using (legend_x[theory_entry]):(legend_y[theory_entry]):(legend_sample):(0) with vectors nohead dt 2 lw theory_width lc rgb exact notitle, \
    for [k=1:has_population] '+' using (legend_x[population_entry]):(legend_y[population_entry]):(legend_sample):(0) with vectors nohead dt 3 lw theory_width lc rgb exact notitle, \
    for [k=1:has_metastable] '+' using (legend_x[metastable_entry]):(legend_y[metastable_entry]):(legend_sample):(0) with vectors nohead dt 4 lw line_width lc rgb faint notitle
unset multiplot
unset output
