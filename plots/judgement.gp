# A curve of a table with the descriptions that were fitted to it, and what the likeliest one leaves of it. Bands: the
# intervals of the places that were found.
eval(start_page)
set lmargin at screen plot_left
set rmargin at screen plot_right
panel_ends = "panel_top = plot_top - panel_start[p]/height; set tmargin at screen panel_top; set bmargin at screen panel_top - panel_size[p]/height; y_middle = panel_top - 0.5*panel_size[p]/height"
if (!is_text) {
    set for [k=1:bands] object k rectangle from band_low[k], graph 0 to band_high[k], graph 1 behind fc rgb window_color fs solid 1 noborder
    set for [k=1:marks] arrow k from mark_x[k], graph 0 to mark_x[k], graph 1 nohead back lw 0.8 lc rgb faint
}
do for [p=1:panels] {
    eval(panel_ends)
    eval(panel_y_axis)
    if (p == panels) {
        set xlabel x_label offset 0,x_label_lift
        eval(x_ticks)
    } else {
        unset xlabel
        eval(x_ticks_bare)
    }
    y_text = panel_y_label[p]
    eval(label_y)
    if (is_text) { set label 900 y_text at screen 0.01, screen panel_top left }
    if (p == 1) {
        if (!is_text) { set for [k=1:marks] label k mark_label[k] at first mark_x[k], screen plot_top + (mark_row[k] + 0.55)*line_height center }
        plot for [k=1:sweeps] values using (only(1, k, column(2))):($3 - $4):(0):(2*$4) with vectors nohead lw 0.8 lc rgb faint notitle, \
            for [k=1:sweeps] values using (only(1, k, column(2))):3 with points pt sweep_point[k] ps point_size lc rgb faint notitle, \
            for [k=1:has_outlier] outliers using 2:3 with points pt 6 ps 2.4*point_size lc rgb exact notitle, \
            for [k=descriptions:1:-1] fits using (only(2, k, column(3))):4 with lines lw (k == 1 ? 2 : 1)*line_width dt k lc tint(k) notitle
    } else {
        unset label 1000
        unset for [k=1:marks] label k
        set arrow 500 from graph 0, first 0 to graph 1, first 0 nohead back lw 0.8 lc rgb exact
        plot for [k=1:sweeps] values using (only(1, k, column(2))):5 with points pt sweep_point[k] ps point_size lc rgb faint notitle, \
            for [k=1:has_outlier] outliers using 2:5 with points pt 6 ps 2.4*point_size lc rgb exact notitle
    }
}

eval(start_legend)
if (has_band && !is_text) { box_color = window_color; k = legend_entries; eval(legend_box) }
plot NaN notitle, \
    for [k=1:sweep_entries] '+' using (middle(k)):(legend_y[k]) with points pt sweep_point[k] ps 2*point_size lc rgb faint notitle, \
    for [k=1:has_outlier] '+' using (middle(sweep_entries + 1)):(legend_y[sweep_entries + 1]) with points pt 6 ps 2.4*point_size lc rgb exact notitle, \
    for [k=1:descriptions] '+' using (legend_x[first_description + k]):(legend_y[first_description + k]):(legend_sample):(0) with vectors nohead lw (k == 1 ? 2 : 1)*line_width dt k lc tint(k) notitle
unset multiplot
unset output
