# Curves of several sizes as measured, and below them after the collapse.
eval(start_page)
set lmargin at screen plot_left
set rmargin at screen plot_right
gap = panel_gap/height
panel_height = (plot_top - plot_bottom - (panels - 1)*gap)/panels
do for [p=1:panels] {
    panel_top = plot_top - (p - 1)*(panel_height + gap)
    set tmargin at screen panel_top
    set bmargin at screen panel_top - panel_height
    if (p == 2) { unset label 1000 }
    set xrange [panel_x_min[p]:panel_x_max[p]]
    set xtics panel_x_step[p]
    set yrange [panel_y_min[p]:panel_y_max[p]]
    set ytics panel_y_step[p]
    set xlabel panel_x_label[p] offset 0,x_label_lift
    y_middle = panel_top - panel_height/2
    y_text = panel_y_label[p]
    eval(label_y)
    if (is_text) { set label 900 y_text at screen 0.01, screen panel_top left }
    set label 1 panel_label[p] at graph 0, screen panel_top + 0.72*line_height left front
    if (p == 2) {
        if (note_is_right) { set label 2 note at graph 0.97, graph 0.92 right front } else { set label 2 note at graph 0.03, graph 0.92 left front }
    }
    plot for [k=1:sizes] values using (only(1, p, only(2, k, column(4)))):($5 - $6):(0):(2*$6) with vectors nohead lw 0.8 lc tint(k) notitle, \
        for [k=1:sizes] values using (only(1, p, only(2, k, column(4)))):5 with points pt shape(k) ps 1.1*point_size lc tint(k) notitle
}

eval(start_legend)
plot NaN notitle, \
    for [k=1:sizes] '+' using (middle(k)):(legend_y[k]) with points pt shape(k) ps 2*point_size lc tint(k) notitle
unset multiplot
unset output
