# Fraction of cold starts that end in the ordered phase, over the swept control and another one.
eval(start_page)
set tics front out
unset grid
set palette defined (0 '#f7f7f7', 0.5 '#92c5de', 1 '#08519c')
set cbrange [0:1]
unset colorbox
do for [p=1:panels] {
    eval(panel_place)
    eval(panel_words)
    # Each cell reaches a little under the next one: else the paper shines through between them.
    plot for [k=1:(is_text ? 0 : 1)] cells using (only(1, p, column(2))):3:4:($5 + 0.1*($5 - $4)):6:($7 + 0.03*($7 - $6)):8 with boxxyerror lc palette fs solid 1 noborder notitle, \
        for [k=1:is_text] cells using (only(1, p, column(8) > 0.5 ? column(2) : NaN)):3 with points pt 7 notitle, \
        for [k=first_located[p]:last_located[p]] located using (only(1, k, column(4))):3 with lines lw 1.6 lc rgb exact notitle, \
        for [k=first_located[p]:last_located[p]] located using (only(1, k, column(5))):3 with lines lw 1.6 dt 2 lc tint(2) notitle
}

eval(start_legend)
# The palette as a row of boxes: a colour box of gnuplot's own has no place in the legend.
if (!is_text) {
    do for [k=0:49] {
        shade = k/49.0
        left = palette_left + k*palette_width/50.0
        set object 600 + k rectangle from left, palette_y - 0.09 to left + palette_width/49.0, palette_y + 0.09 fc palette frac shade fs solid 1 noborder
    }
    set label 701 '0' at palette_left - 0.08, palette_y right front
    set label 702 '1' at palette_left + palette_width + 0.08, palette_y left front
    set label 703 palette_label at palette_left + palette_width + 0.35, palette_y left front
}
plot NaN notitle, \
    for [k=1:has_located] '+' using (legend_x[1]):(legend_y[1]):(legend_sample):(0) with vectors nohead lw 1.6 lc rgb exact notitle, \
    for [k=1:has_spinodals] '+' using (legend_x[1 + has_spinodals]):(legend_y[1 + has_spinodals]):(legend_sample):(0) with vectors nohead lw 1.6 dt 2 lc tint(2) notitle
unset multiplot
unset output
