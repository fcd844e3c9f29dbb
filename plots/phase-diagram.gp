# Phases over the swept control and another one.
array region_color[8] = [0xb9d7ea, 0xf6dfa9, 0xeeeeee, 0xffffff, 0xb9d7ea, 0xf6dfa9, 0xcfe8d5, 0xeeeeee]
# By order: filled circle for first, open circle for second; zeroth, crossover, boundary, undecided, none.
array order_marker[7] = [5, 7, 6, 12, 4, 2, 2]
panel_width = (plot_right - plot_left - (panel_columns - 1)*panel_gap_x/width)/panel_columns
panel_height = (plot_top - plot_bottom - (panel_rows - 1)*panel_gap_y/height)/panel_rows
set xrange [x_min:x_max]
set yrange [y_min:y_max]
if (x_log) {
    set logscale x
    set xtics ()
    set for [k=1:x_tics] xtics add (x_tic_label[k] x_tic[k])
    set for [k=1:x_minor_tics] xtics add ('' x_minor_tic[k] 1)
}
if (y_log) {
    set logscale y
    set ytics ()
    set for [k=1:y_tics] ytics add (y_tic_label[k] y_tic[k])
    set for [k=1:y_minor_tics] ytics add ('' y_minor_tic[k] 1)
}
if (y_is_integer) { set ytics ceil((y_max - y_min)/12.0) }
set tics front
unset grid

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
    if (column_index == 0) { set ylabel y_label offset 1.2,0 } else { unset ylabel }
    if (p + panel_columns > panels) { set xlabel x_label offset 0,0.4 } else { unset xlabel }
    set label 1 panel_label[p] at graph 0.04, graph 0.95 left front
    last = (p == panels)
    plot for [k=first_polygon[p]:(is_text ? 0 : last_polygon[p])] regions using (only(1, k, column(4))):5 with filledcurves closed fc rgb region_color[polygon_region[k]] fs solid 1 border lc rgb region_color[polygon_region[k]] notitle, \
        for [k=first_theory[p]:(y_is_integer ? 0 : last_theory[p])] theory using (only(1, k, column(4))):3 with lines dt 2 lw theory_width lc rgb exact notitle, \
        for [k=first_spinodal[p]:(y_is_integer ? 0 : last_spinodal[p])] theory using (only(1, spinodal_line[k], column(5))):3 with lines dt 4 lw theory_width lc rgb exact notitle, \
        for [k=first_theory[p]:(y_is_integer ? last_theory[p] : 0)] theory using (only(1, k, column(4))):($3 - 0.5):(0):(1) with vectors nohead dt 2 lw theory_width lc rgb exact notitle, \
        for [k=first_spinodal[p]:(y_is_integer ? last_spinodal[p] : 0)] theory using (only(1, spinodal_line[k], column(5))):($3 - 0.5):(0):(1) with vectors nohead dt 4 lw theory_width lc rgb exact notitle, \
        for [k=first_group[p]:last_group[p]] transitions using (only(1, p, only(6, group_order[k], column(3)))):2:4:5 with xerrorbars pt order_marker[1 + group_order[k]] ps 2.4*point_size lw 1.2 lc rgb exact notitle, \
        for [k=1:(is_text ? 0 : last*regions_shown)] keyentry with boxes fs solid 1 border lc rgb faint fc rgb region_color[region_number[k]] title region_label[k], \
        for [k=1:last*orders] keyentry with points pt order_marker[1 + order_code[k]] ps 2.4*point_size lw 1.2 lc rgb exact title order_label[k], \
        for [k=1:last*has_theory] keyentry with lines dt 2 lw theory_width lc rgb exact title theory_label, \
        for [k=1:last*has_spinodals] keyentry with lines dt 4 lw theory_width lc rgb exact title 'spinodal, theory'
}
unset multiplot
unset output
