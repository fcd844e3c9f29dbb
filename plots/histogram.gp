# How the order parameter is spread over replicas: one panel per curve and control.
eval(start_page)
do for [p=1:panels] {
    eval(panel_place)
    eval(panel_words)
    set xrange [panel_x_min[p]:panel_x_max[p]]
    set xtics panel_x_step[p]
    set yrange [0:panel_y_max[p]]
    set ytics panel_y_step[p]
    plot bins using (only(1, p, column(3))):5:2:4:(0):5 with boxxyerror fc rgb '#8cb8d8' fs solid 1 border lc rgb exact notitle
}
eval(start_legend)
plot NaN notitle
unset multiplot
unset output
