# Terminals, fonts, palette and styles of all figures. `width` and `height` are in cm; letters are 7 pt high everywhere.
if (!exists('text_columns')) text_columns = 100
if (!exists('text_rows')) text_rows = 32
if (!exists('text_colour')) text_colour = 0
# Lifts x labels towards the numbers, in lines.
x_label_lift = format eq 'tikz' ? 0.1 : 0.4

set encoding utf8
wanted = format eq 'pdf' ? 'pdfcairo' : format eq 'png' ? 'pngcairo' : format
if (strstrt(' '.GPVAL_TERMINALS.' ', ' '.wanted.' ') == 0) {
    set print
    print 'this gnuplot was built without the terminal `'.wanted.'`, which the format `'.format.'` needs; Debian: apt-get install gnuplot-nox'
    exit status 1
}
if (format eq 'svg') {
    set terminal svg size width*96/2.54,height*96/2.54 fixed enhanced font 'DejaVu Sans,9.33' background rgb 'white' linewidth 0.67 dashlength 0.6
    set output name.'.svg'
}
if (format eq 'pdf') {
    set terminal pdfcairo size width cm,height cm enhanced font 'DejaVu Sans,7' fontscale 0.75 linewidth 1 dashlength 0.6
    set output name.'.pdf'
}
if (format eq 'png') {
    # 300 dots per inch.
    set terminal pngcairo size width*300/2.54,height*300/2.54 enhanced font 'DejaVu Sans,7' fontscale 3.125 linewidth 2.1 pointscale 3.1 dashlength 0.6
    set output name.'.png'
}
if (format eq 'tikz') {
    eval(sprintf("set terminal tikz size %.3fcm,%.3fcm font ',7'", width, height))
    set output name.'-tikz.tex'
}
if (format eq 'cairolatex') {
    # Letters are those of the document: only their size is set, within the picture's own group.
    set terminal cairolatex pdf input colourtext size width cm,height cm font ',7' fontscale 0.75 linewidth 1 dashlength 0.6 header '\fontsize{7}{8.4}\selectfont'
    set output name.'-cairolatex.tex'
}
if (is_text) {
    if (text_colour) {
        set terminal dumb size text_columns,text_rows noenhanced ansi256
    } else {
        set terminal dumb size text_columns,text_rows noenhanced mono
    }
}

# Okabe and Ito's colours, told apart by everybody; their yellow is too pale for lines.
set linetype 1 lc rgb '#0072b2' pt 7
set linetype 2 lc rgb '#d55e00' pt 5
set linetype 3 lc rgb '#009e73' pt 13
set linetype 4 lc rgb '#cc79a7' pt 15
set linetype 5 lc rgb '#e69f00' pt 7
set linetype 6 lc rgb '#56b4e9' pt 5
set linetype 7 lc rgb '#404040' pt 13
# More curves than that have colours of their own, from dark to light.
shade(x) = int(255*(0.28 - 0.39*x + 1.06*x**2))*65536 + int(255*(0.01 + 1.40*x - 0.52*x**2))*256 + int(255*(0.33 + 1.24*x - 2.45*x**2 + 1.03*x**3))
if (!exists('tints')) tints = 7
if (tints > 7) { do for [k=1:tints] { set linetype k lc rgb shade((k - 1)/(tints - 0.6)) pt 7 } }
tint(i) = 1 + (int(i) - 1) % tints
array marker[4] = [7, 5, 13, 15]
shape(i) = marker[1 + (int(i) - 1) % 4]

exact = '#202020'
faint = '#707070'
# The terminals of LaTeX draw smaller points.
point_size = 0.34*(format eq 'tikz' ? 2.3 : format eq 'cairolatex' ? 1.25 : 1)
theory_width = 1.2
line_width = 1.2

# A row of a table belongs to a line, or to a curve, if its column says so.
only(column_number, wanted, value) = column(column_number) == wanted ? value : NaN
# A single replica has no error; the number of replicas stands right of the error.
bar(column_number) = column(column_number + 1) > 1 ? column(column_number) : 0

set border 31 lw 1 lc rgb '#202020'
set tics in nomirror scale 0.6,0.3
set xtics mirror
set ytics mirror
set grid xtics ytics back lt 1 lw 0.5 lc rgb '#e8e8e8'
set style fill solid 1.0 noborder
set minussign
set samples 2
unset key
if (is_text) {
    unset grid
    # The first entry stands on the legend's highest line; above it are the axis's label and numbers.
    if (legend_entries > 0) { plot_bottom = (legend_row[1] + 4.2)/text_rows }
}

# Every figure is a multiplot on one page: its panels, then the legend in the room kept free for it at the bottom.
start_page = "set multiplot; if (strlen(title) > 0) { set label 1000 title at screen 0.5, screen 1 - 0.75*line_height center front }"
# The legend is drawn in cm on the whole page: `i` is an entry's number, '+' a source of one point.
# A terminal's lines are farther apart than the legend's: there each of its rows has a line.
start_legend = "if (is_text) { do for [i=1:legend_entries] { legend_y[i] = (legend_row[i] + 0.5)*height/(text_rows - 2) } }; unset border; unset tics; unset xlabel; unset ylabel; unset label; unset object; unset arrow; unset grid; unset logscale; unset xzeroaxis; set xrange [0:width]; set yrange [0:height]; set lmargin at screen 0; set rmargin at screen 1; set bmargin at screen 0; set tmargin at screen 1; set for [i=1:legend_entries] label i legend_text[i] at legend_x[i] + legend_sample + 0.12, legend_y[i] left front"
middle(i) = legend_x[int(i)] + legend_sample/2
# Labels of y axes stand at one distance from the page's edge, however long the numbers are. A terminal cannot turn text:
# there the x label names both axes, and `y_text` is short where panels have labels of their own.
label_y = "if (!is_text) { set label 900 y_text at screen y_label_x, screen y_middle rotate by 90 center }"
label_both = "set xlabel x_label.'   (upwards: '.y_label.')'"
y_label_x = 0.28/width
set xlabel x_label offset 0,x_label_lift

# Panels of equal size, row by row: `p` is the panel's number. Only the left ones have a y label, the bottom ones an x label.
panel_place = "panel_width = (plot_right - plot_left - (panel_columns - 1)*panel_gap_x/width)/panel_columns; panel_height = (plot_top - plot_bottom - (panel_rows - 1)*panel_gap_y/height)/panel_rows; panel_left = plot_left + ((p - 1) % panel_columns)*(panel_width + panel_gap_x/width); panel_top = plot_top - ((p - 1)/panel_columns)*(panel_height + panel_gap_y/height); set lmargin at screen panel_left; set rmargin at screen panel_left + panel_width; set tmargin at screen panel_top; set bmargin at screen panel_top - panel_height; if (p == 2) { unset label 1000 }"
panel_words = "if ((p - 1) % panel_columns == 0) { y_middle = panel_top - panel_height/2; y_text = y_label; eval(label_y) } else { unset ylabel; unset label 900 }; if (p + panel_columns > panels) { set xlabel x_label offset 0,x_label_lift; if (is_text) { eval(label_both) } } else { unset xlabel }; if (strlen(panel_label[p]) > 0) { set label 1 panel_label[p] at graph 0, screen panel_top + 0.72*line_height left front } else { unset label 1 }"
# A filled sample in the legend; a terminal has no filled areas.
legend_box = "set object 500 + k rectangle from legend_x[k], legend_y[k] - 0.09 to legend_x[k] + legend_sample, legend_y[k] + 0.09 fc rgb box_color fs solid 1 border lc rgb faint"
window_color = '#d5e3ee'

# Ticks with their texts: of one axis, or of each panel's own (`p` is the panel's number).
x_ticks = "set xtics (); set for [k=1:x_tics] xtics add (x_tic_label[k] x_tic[k]); set for [k=1:x_minor_tics] xtics add ('' x_minor_tic[k] 1)"
x_ticks_bare = "set xtics (); set for [k=1:x_tics] xtics add ('' x_tic[k]); set for [k=1:x_minor_tics] xtics add ('' x_minor_tic[k] 1)"
y_ticks = "set ytics (); set for [k=1:y_tics] ytics add (y_tic_label[k] y_tic[k]); set for [k=1:y_minor_tics] ytics add ('' y_minor_tic[k] 1)"
panel_x_axis = "if (panel_x_log[p]) { set logscale x } else { unset logscale x }; set xrange [panel_x_min[p]:panel_x_max[p]]; set xtics (); set for [k=panel_x_first_tic[p]:panel_x_last_tic[p]] xtics add (panel_x_tic_label[k] panel_x_tic[k]); set for [k=panel_x_first_minor_tic[p]:panel_x_last_minor_tic[p]] xtics add ('' panel_x_minor_tic[k] 1)"
panel_x_axis_bare = panel_x_axis."; set xtics (); set for [k=panel_x_first_tic[p]:panel_x_last_tic[p]] xtics add ('' panel_x_tic[k])"
panel_y_axis = "if (panel_y_log[p]) { set logscale y } else { unset logscale y }; set yrange [panel_y_min[p]:panel_y_max[p]]; set ytics (); set for [k=panel_y_first_tic[p]:panel_y_last_tic[p]] ytics add (panel_y_tic_label[k] panel_y_tic[k]); set for [k=panel_y_first_minor_tic[p]:panel_y_last_minor_tic[p]] ytics add ('' panel_y_minor_tic[k] 1)"
if (exists('x_log')) {
    if (x_log) { set logscale x }
    set xrange [x_min:x_max]
    eval(x_ticks)
}
if (exists('y_log')) {
    if (y_log) { set logscale y }
    set yrange [y_min:y_max]
    eval(y_ticks)
}
