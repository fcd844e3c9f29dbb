# Phases over the swept control and another one.
array region_color[12] = [0xb9d7ea, 0xf6dfa9, 0xeeeeee, 0xffffff, 0xb9d7ea, 0xf6dfa9, 0xcfe8d5, 0xe6d3ea, 0xf2b8a8, 0xd9d9d9, 0x93bfdc, 0xcfe8d5]
# By order: filled circle for first, open circle for second; zeroth, crossover, boundary, undecided, none.
array order_marker[7] = [5, 7, 6, 12, 4, 2, 2]
eval(start_page)
set tics front
unset grid
panel_width = (plot_right - plot_left - (panel_columns - 1)*panel_gap_x/width)/panel_columns
panel_height = (plot_top - plot_bottom - (panel_rows - 1)*panel_gap_y/height)/panel_rows

do for [p=1:panels] {
    panel_left = plot_left + ((p - 1) % panel_columns)*(panel_width + panel_gap_x/width)
    panel_top = plot_top - ((p - 1)/panel_columns)*(panel_height + panel_gap_y/height)
    set lmargin at screen panel_left
    set rmargin at screen panel_left + panel_width
    set tmargin at screen panel_top
    set bmargin at screen panel_top - panel_height
    if (p == 2) { unset label 1000 }
    if ((p - 1) % panel_columns == 0) {
        y_middle = panel_top - panel_height/2
        y_text = y_label
        eval(label_y)
    } else {
        unset ylabel
        unset label 900
    }
    if (p + panel_columns > panels) { set xlabel x_label offset 0,x_label_lift; if (is_text) { eval(label_both) } } else { unset xlabel }
    if (strlen(panel_label[p]) > 0) { set label 1 panel_label[p] at graph 0, screen panel_top + 0.72*line_height left front }
    plot for [k=first_polygon[p]:(is_text ? 0 : last_polygon[p])] regions using (only(1, k, column(4))):5 with filledcurves closed fc rgb region_color[polygon_region[k]] fs solid 1 border lc rgb region_color[polygon_region[k]] notitle, \
        for [k=first_theory[p]:(y_is_integer ? 0 : last_theory[p])] theory using (only(1, k, column(4))):3 with lines dt 2 lw theory_width lc rgb exact notitle, \
        for [k=first_spinodal[p]:(y_is_integer ? 0 : last_spinodal[p])] theory using (only(1, spinodal_line[k], column(5))):3 with lines dt 4 lw theory_width lc rgb exact notitle, \
        for [k=first_theory[p]:(y_is_integer ? last_theory[p] : 0)] theory using (only(1, k, column(4))):($3 - 0.5):(0):(1) with vectors nohead dt 2 lw theory_width lc rgb exact notitle, \
        for [k=first_spinodal[p]:(y_is_integer ? last_spinodal[p] : 0)] theory using (only(1, spinodal_line[k], column(5))):($3 - 0.5):(0):(1) with vectors nohead dt 4 lw theory_width lc rgb exact notitle, \
        for [k=first_group[p]:last_group[p]] transitions using (only(1, p, only(7, 1, only(6, group_order[k], column(4))))):2:($5 - $4):(0) with vectors nohead lw 1.2 lc rgb exact notitle, \
        for [k=first_group[p]:last_group[p]] transitions using (only(1, p, only(7, 1, only(6, group_order[k], column(3))))):2 with points pt order_marker[1 + group_order[k]] ps 1.9*point_size lw 1.2 lc rgb exact notitle
}

eval(start_legend)
# A terminal has no filled areas.
if (is_text) { unset for [k=1:regions_shown] label k } else {
    set for [k=1:regions_shown] object k rectangle from legend_x[k], legend_y[k] - 0.09 to legend_x[k] + legend_sample, legend_y[k] + 0.09 fc rgb region_color[region_number[k]] fs solid 1 border lc rgb faint
}
theory_entry = regions_shown + orders + has_theory
plot NaN notitle, \
    for [k=1:orders] '+' using (middle(regions_shown + k)):(legend_y[regions_shown + k]) with points pt order_marker[1 + order_code[k]] ps 2*point_size lw 1.2 lc rgb exact notitle, \
    for [k=1:has_theory] '+' using (legend_x[theory_entry]):(legend_y[theory_entry]):(legend_sample):(0) with vectors nohead dt 2 lw theory_width lc rgb exact notitle, \
    for [k=1:has_spinodals] '+' using (legend_x[legend_entries]):(legend_y[legend_entries]):(legend_sample):(0) with vectors nohead dt 4 lw theory_width lc rgb exact notitle
unset multiplot
unset output
