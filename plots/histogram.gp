# How the order parameter is spread over replicas: one panel per curve and control.
eval(start_page)
do for [p=1:panels] {
    eval(panel_place)
    eval(panel_words)
    eval(panel_x_axis)
    eval(panel_y_axis)
    plot bins using (only(1, p, column(3))):5:2:4:(0):5 with boxxyerror fc rgb '#8cb8d8' fs solid 1 border lc rgb exact notitle
}
eval(start_legend)
plot NaN notitle
unset multiplot
unset output
