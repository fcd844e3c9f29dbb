# Warm sweeps up and down with the loop between them; one panel per curve.
eval(start_page)
do for [p=1:panels] {
    eval(panel_place)
    eval(panel_words)
    eval(panel_y_axis)
    set label 2 panel_note[p] at graph 0.95, graph 0.92 right front
    # Where both phases are minima, and where their losses are equal.
    if (!is_text) {
        unset for [k=1:windows] object k
        unset for [k=1:marks] arrow k
        set for [k=1:windows] object k rectangle from (window_panel[k] == p ? window_low[k] : x_min), graph 0 to (window_panel[k] == p ? window_high[k] : x_min), graph 1 behind fc rgb window_color fs solid 1 noborder
        set for [k=1:marks] arrow k from (mark_panel[k] == p ? mark_x[k] : x_min), graph 0 to (mark_panel[k] == p ? mark_x[k] : x_min), graph 1 nohead back lw 0.8 dt 3 lc rgb exact
    }
    plot for [k=1:(is_text ? 0 : 1)] loops every ::first_row[p]-1::last_row[p]-1 using 2:3:4 with filledcurves fc lt tint(1) fs transparent solid 0.35 noborder notitle, \
        loops every ::first_row[p]-1::last_row[p]-1 using 2:3 with linespoints pi mark_every[p] pt 8 ps 1.3*point_size lw 0.8 lc tint(1) notitle, \
        loops every ::first_row[p]-1::last_row[p]-1 using 2:4 with linespoints pi mark_every[p] pt 10 ps 1.3*point_size lw 0.8 lc tint(2) notitle
}

eval(start_legend)
if (!is_text) {
    box_color = '#a6cbe4'
    k = 3
    eval(legend_box)
    box_color = window_color
    if (windows > 0) { k = 4; eval(legend_box) }
}
mark_entry = 3 + (windows > 0) + (marks > 0)
plot NaN notitle, \
    '+' using (legend_x[1]):(legend_y[1]):(legend_sample):(0) with vectors nohead lw 0.8 lc tint(1) notitle, \
    '+' using (middle(1)):(legend_y[1]) with points pt 8 ps 1.6*point_size lw 0.8 lc tint(1) notitle, \
    '+' using (legend_x[2]):(legend_y[2]):(legend_sample):(0) with vectors nohead lw 0.8 lc tint(2) notitle, \
    '+' using (middle(2)):(legend_y[2]) with points pt 10 ps 1.6*point_size lw 0.8 lc tint(2) notitle, \
    for [k=1:(marks > 0)] '+' using (legend_x[mark_entry]):(legend_y[mark_entry]):(legend_sample):(0) with vectors nohead dt 3 lw 0.8 lc rgb exact notitle
unset multiplot
unset output
