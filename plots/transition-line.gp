# Where the transition is, over another control: its interval as a band, a marker for its order.
# By order: filled circle for first, open circle for second; zeroth, crossover, boundary, undecided, none.
array order_marker[7] = [5, 7, 6, 12, 4, 2, 2]
# Tricritical and critical end points.
array special_marker[3] = [3, 3, 9]
eval(start_page)
do for [p=1:panels] {
    eval(panel_place)
    eval(panel_words)
    plot for [k=first_line[p]:(x_is_integer || is_text ? 0 : last_line[p])] lines every ::line_first_row[k]-1::line_last_row[k]-1 using 3:5:6 with filledcurves fc lt tint(k) fs transparent solid 0.25 noborder notitle, \
        for [k=first_line[p]:(x_is_integer ? 0 : last_line[p])] lines every ::line_first_row[k]-1::line_last_row[k]-1 using 3:4 with lines lw line_width lc tint(k) notitle, \
        for [k=first_line[p]:(x_is_integer || !has_spinodals ? 0 : last_line[p])] lines every ::line_first_row[k]-1::line_last_row[k]-1 using 3:7 with lines lw 0.8 dt 4 lc tint(k) notitle, \
        for [k=first_line[p]:(x_is_integer && has_spinodals ? last_line[p] : 0)] lines every ::line_first_row[k]-1::line_last_row[k]-1 using 3:7 with points pt 1 ps 1.6*point_size lw 0.8 lc tint(k) notitle, \
        for [k=first_theory[p]:(x_is_integer ? 0 : last_theory[p])] theory using (only(1, k, column(3))):4 with lines dt 2 lw theory_width lc rgb exact notitle, \
        for [k=first_theory[p]:(x_is_integer ? last_theory[p] : 0)] theory using (only(1, k, column(3) - 0.025*(x_max - x_min))):4:(0.05*(x_max - x_min)):(0) with vectors nohead lw theory_width lc rgb exact notitle, \
        for [k=first_line[p]:last_line[p]] lines every ::line_first_row[k]-1::line_last_row[k]-1 using 3:5:(0):($6 - $5) with vectors nohead lw 1.2 lc tint(k) notitle, \
        for [k=first_group[p]:last_group[p]] lines using (only(1, group_line[k], only(8, group_order[k], column(3)))):4 with points pt order_marker[1 + group_order[k]] ps 1.9*point_size lw 1.2 lc tint(group_line[k]) notitle, \
        for [k=first_special[p]:last_special[p]] specials every ::k-1::k-1 using 4:7:($5 - $4):(0) with vectors nohead lw 1.2 lc rgb exact notitle, \
        for [k=first_special[p]:last_special[p]] specials every ::k-1::k-1 using 3:7 with points pt special_marker[1 + special_kind[k]] ps 2.6*point_size lw 1.4 lc rgb exact notitle
}

eval(start_legend)
spinodal_entry = orders + has_spinodals
theory_entry = spinodal_entry + has_theory
plot NaN notitle, \
    for [k=1:orders] '+' using (middle(k)):(legend_y[k]) with points pt order_marker[1 + order_code[k]] ps 2*point_size lw 1.2 lc rgb exact notitle, \
    for [k=1:(has_spinodals && x_is_integer)] '+' using (middle(spinodal_entry)):(legend_y[spinodal_entry]) with points pt 1 ps 1.6*point_size lw 0.8 lc rgb exact notitle, \
    for [k=1:(has_spinodals && !x_is_integer)] '+' using (legend_x[spinodal_entry]):(legend_y[spinodal_entry]):(legend_sample):(0) with vectors nohead dt 4 lw 0.8 lc rgb exact notitle, \
    for [k=1:(has_theory && x_is_integer)] '+' using (legend_x[theory_entry]):(legend_y[theory_entry]):(legend_sample):(0) with vectors nohead lw theory_width lc rgb exact notitle, \
    for [k=1:(has_theory && !x_is_integer)] '+' using (legend_x[theory_entry]):(legend_y[theory_entry]):(legend_sample):(0) with vectors nohead dt 2 lw theory_width lc rgb exact notitle, \
    for [k=1:special_kinds] '+' using (middle(theory_entry + k*(special_kinds > 0))):(legend_y[theory_entry + k*(special_kinds > 0)]) with points pt special_marker[1 + special_kind_shown[k]] ps 2.6*point_size lw 1.4 lc rgb exact notitle
unset multiplot
unset output
