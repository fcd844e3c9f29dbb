# Effective loss against the layers' norm, one panel per curve.
panel_width = (plot_right - plot_left - (panel_columns - 1)*panel_gap_x/width)/panel_columns
panel_height = (plot_top - plot_bottom - (panel_rows - 1)*panel_gap_y/height)/panel_rows
set xzeroaxis lt 1 lw 0.8 lc rgb faint
set xtics maxcol
set ytics autofreq

if (is_text) { set multiplot layout panel_rows,panel_columns } else { set multiplot }
do for [p=1:panels] {
    column_index = (p - 1) % panel_columns
    row_index = (p - 1)/panel_columns
    if (!is_text) {
        set lmargin at screen plot_left + column_index*(panel_width + panel_gap_x/width)
        set rmargin at screen plot_left + column_index*(panel_width + panel_gap_x/width) + panel_width
        set tmargin at screen plot_top - row_index*(panel_height + panel_gap_y/height)
        set bmargin at screen plot_top - row_index*(panel_height + panel_gap_y/height) - panel_height
    }
    set xrange [0:panel_x_max[p]]
    set yrange [panel_y_min[p]:panel_y_max[p]]
    if (column_index == 0) { set ylabel y_label offset 1.2,0 } else { unset ylabel }
    if (p + panel_columns > panels) { set xlabel x_label offset 0,0.4 } else { unset xlabel }
    set label 1 panel_label[p] at graph 0.04, graph 0.93 left front
    last = (p == panels)
    plot for [k=first_line[p]:last_line[p]] landscape using (only(1, k, column(3))):4 with lines lw 2 lc line_label[k] notitle, \
        for [k=first_marked[p]:last_marked[p]] minima using (only(1, marked_line[k], column(3))):4 with points pt 6 ps 1.8*point_size lw 1.2 lc rgb exact notitle, \
        for [k=1:last*labels] keyentry with lines lw 2 lc k title label_text[k], \
        for [k=1:last*has_minima] keyentry with points pt 6 ps 1.8*point_size lw 1.2 lc rgb exact title 'trained minima'
}
unset multiplot
unset output
