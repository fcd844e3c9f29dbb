# Observables over the steps of a run, in panels that share the x axis.
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
    if (is_text) { set label 900 y_text at screen 0.01, screen y_middle left }
    if (p == panels) {
        set xlabel x_label offset 0,x_label_lift
        eval(x_ticks)
    } else {
        unset xlabel
        eval(x_ticks_bare)
    }
    plot for [k=1:theory_pieces] theory using (only(1, k, column(3))):(column(3 + p)) with lines dt 2 lw theory_width lc tint(theory_curve[k]) notitle, \
        for [k=1:published_pieces] published using (only(1, k, column(3))):(column(3 + p)) with lines dt 3 lw theory_width lc rgb exact notitle, \
        for [k=1:(is_dense ? series : 0)] points using (only(1, k, column(2))):(column(3*p)) with lines lw line_width lc tint(k) notitle, \
        for [k=1:(is_dense ? 0 : series)] points using (only(1, k, column(2))):(column(3*p) - bar(1 + 3*p)):(0):(2*bar(1 + 3*p)) with vectors nohead lw 1 lc tint(k) notitle, \
        for [k=1:(is_dense ? 0 : series)] points using (only(1, k, column(2))):(column(3*p)) with points pt shape(k) ps point_size lc tint(k) notitle
}

eval(start_legend)
# gnuplot looks at the first item even of an empty loop.
entry(i) = i < 1 || i > legend_entries ? 1 : int(i)
theory_entry = entry(legend_entries - published_pieces)
plot NaN notitle, \
    for [k=1:(legend_entries > 0 && !is_dense ? series : 0)] '+' using (middle(k)):(legend_y[k]) with points pt shape(k) ps 2*point_size lc tint(k) notitle, \
    for [k=1:(legend_entries > 0 && is_dense ? series : 0)] '+' using (legend_x[k]):(legend_y[k]):(legend_sample):(0) with vectors nohead lw line_width lc tint(k) notitle, \
    for [k=1:(legend_entries > 0 ? published_pieces : 0)] '+' using (legend_x[entry(theory_entry + k)]):(legend_y[entry(theory_entry + k)]):(legend_sample):(0) with vectors nohead dt 3 lw theory_width lc rgb exact notitle, \
    for [k=1:has_theory] '+' using (legend_x[theory_entry]):(legend_y[theory_entry]):(legend_sample):(0) with vectors nohead dt 2 lw theory_width lc rgb exact notitle
unset multiplot
unset output
