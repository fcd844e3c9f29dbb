# Binder's cumulant of several sizes, with the place where they cross.
eval(start_page)
set lmargin at screen plot_left
set rmargin at screen plot_right
set bmargin at screen plot_bottom
set tmargin at screen plot_top
y_middle = (plot_bottom + plot_top)/2
y_text = y_label
eval(label_y)
if (is_text) { eval(label_both) }
if (has_crossing && !is_text) {
    set object 1 rectangle from crossing_low, graph 0 to crossing_high, graph 1 behind fc rgb window_color fs solid 1 noborder
    set arrow 1 from crossing, graph 0 to crossing, graph 1 nohead back lw 0.8 dt 3 lc rgb exact
    set arrow 2 from graph 0, first crossing_height to graph 1, first crossing_height nohead back lw 0.8 dt 3 lc rgb exact
}
plot for [k=1:curves] cumulants using (only(1, k, column(3))):($4 - $5):(0):(2*$5) with vectors nohead lw 0.8 lc tint(k) notitle, \
    for [k=1:curves] cumulants using (only(1, k, column(3))):4 with linespoints pt shape(k) ps 1.2*point_size lw 0.9 lc tint(k) notitle

eval(start_legend)
crossing_entry = curves + 1
if (has_crossing && !is_text) { box_color = window_color; k = crossing_entry; eval(legend_box) }
plot NaN notitle, \
    for [k=1:curves] '+' using (legend_x[k]):(legend_y[k]):(legend_sample):(0) with vectors nohead lw 0.9 lc tint(k) notitle, \
    for [k=1:curves] '+' using (middle(k)):(legend_y[k]) with points pt shape(k) ps 1.8*point_size lc tint(k) notitle
unset multiplot
unset output
