# Numbered observables over their number, in panels that share the x axis.
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
    eval(panel_y_axis)
    y_middle = panel_top - panel_height/2
    y_text = panel_label[p]
    eval(label_y)
    if (is_text) { set label 900 y_text at screen 0.01, screen panel_top left }
    if (p == panels) {
        set xlabel x_label offset 0,x_label_lift
        eval(x_ticks)
    } else {
        unset xlabel
        eval(x_ticks_bare)
    }
    plot for [k=1:curves] points using (only(1, p, only(2, k, column(3)))):($4 - bar(5)):(0):(2*bar(5)) with vectors nohead lw 1 lc tint(k) notitle, \
        for [k=1:curves] points using (only(1, p, only(2, k, column(3)))):4 with linespoints pt shape(k) ps point_size lw 0.8 lc tint(k) notitle
}

eval(start_legend)
plot NaN notitle, \
    for [k=1:legend_entries] '+' using (legend_x[k]):(legend_y[k]):(legend_sample):(0) with vectors nohead lw 0.8 lc tint(k) notitle, \
    for [k=1:legend_entries] '+' using (middle(k)):(legend_y[k]) with points pt shape(k) ps 2*point_size lc tint(k) notitle
unset multiplot
unset output
