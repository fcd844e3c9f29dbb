# Curves of several sizes as measured, after the collapse, and what is left; below them the results against the range of
# the scaled control.
eval(start_page)
set lmargin at screen plot_left
set rmargin at screen plot_right
panel_ends = "panel_top = plot_top - panel_start[p]/height; set tmargin at screen panel_top; set bmargin at screen panel_top - panel_size[p]/height; y_middle = panel_top - 0.5*panel_size[p]/height"
do for [p=1:2] {
    eval(panel_ends)
    if (p == 2) { unset label 1000 }
    eval(panel_y_axis)
    if (p == 1) {
        set xlabel panel_x_label[p] offset 0,x_label_lift
        eval(panel_x_axis)
    } else {
        unset xlabel
        eval(panel_x_axis_bare)
    }
    y_text = panel_y_label[p]
    eval(label_y)
    if (is_text) { set label 900 y_text at screen 0.01, screen panel_top left }
    set label 1 panel_label[p] at graph 0, screen panel_top + 0.72*line_height left front
    if (p == 2) {
        if (note_is_right) { set label 2 note at graph 0.97, graph 0.92 right front } else { set label 2 note at graph 0.03, graph 0.92 left front }
    }
    if (p == 1) {
        plot for [k=1:sizes] values using (only(1, p, only(2, k, column(4)))):($5 - $6):(0):(2*$6) with vectors nohead lw 0.8 lc tint(k) notitle, \
            for [k=1:sizes] values using (only(1, p, only(2, k, column(4)))):5 with points pt shape(k) ps 1.1*point_size lc tint(k) notitle
    } else {
        plot master using 1:2 with lines lw 0.8 lc rgb exact notitle, \
            for [k=1:sizes] values using (only(1, p, only(2, k, column(4)))):($5 - $6):(0):(2*$6) with vectors nohead lw 0.8 lc tint(k) notitle, \
            for [k=1:sizes] values using (only(1, p, only(2, k, column(4)))):5 with points pt shape(k) ps 1.1*point_size lc tint(k) notitle
    }
}
unset label 1
unset label 2

p = 3
eval(panel_ends)
set xlabel panel_x_label[p] offset 0,x_label_lift
eval(panel_x_axis)
eval(panel_y_axis)
y_text = panel_y_label[p]
eval(label_y)
if (is_text) { set label 900 y_text at screen 0.01, screen panel_top left }
set arrow 1 from graph 0, first 0 to graph 1, first 0 nohead back lw 0.8 lc rgb exact
plot for [k=1:sizes] residuals using (only(1, k, column(2))):3 with points pt shape(k) ps 1.1*point_size lc tint(k) notitle
unset arrow 1

do for [p=4:6] {
    eval(panel_ends)
    if (p == 6) {
        eval(panel_x_axis)
        set xlabel panel_x_label[4] offset 0,x_label_lift
    } else {
        eval(panel_x_axis_bare)
        unset xlabel
    }
    eval(panel_y_axis)
    y_text = panel_y_label[p]
    eval(label_y)
    if (is_text) { set label 900 y_text at screen 0.01, screen panel_top left }
    plot ranges using (only(1, p, only(6, 0, column(2)))):4:(0):($5 - $4) with vectors nohead lw 0.8 lc rgb faint notitle, \
        ranges using (only(1, p, only(6, 0, column(2)))):3 with points pt 6 ps 1.4*point_size lc rgb faint notitle, \
        ranges using (only(1, p, only(6, 1, column(2)))):4:(0):($5 - $4) with vectors nohead lw 1.2 lc rgb exact notitle, \
        ranges using (only(1, p, only(6, 1, column(2)))):3 with points pt 7 ps 1.6*point_size lc rgb exact notitle
}
unset logscale x

eval(start_legend)
plot NaN notitle, \
    for [k=1:sizes] '+' using (middle(k)):(legend_y[k]) with points pt shape(k) ps 2*point_size lc tint(k) notitle
unset multiplot
unset output
