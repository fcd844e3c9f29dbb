# Effective loss against the layers' norm, one panel per curve.
eval(start_page)
set xzeroaxis lt 1 lw 0.8 lc rgb faint
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
    eval(panel_x_axis)
    eval(panel_y_axis)
    plot for [k=first_line[p]:last_line[p]] landscape using (only(1, k, column(3))):4 with lines lw 1.8 lc tint(line_label[k]) notitle, \
        for [k=first_marked[p]:last_marked[p]] minima using (only(1, marked_line[k], column(3))):4 with points pt 6 ps 1.5*point_size lw 1 lc rgb exact notitle
}

eval(start_legend)
plot NaN notitle, \
    for [k=1:labels] '+' using (legend_x[k]):(legend_y[k]):(legend_sample):(0) with vectors nohead lw 1.8 lc tint(k) notitle, \
    for [k=1:has_minima] '+' using (middle(legend_entries)):(legend_y[legend_entries]) with points pt 6 ps 1.5*point_size lw 1 lc rgb exact notitle
unset multiplot
unset output
