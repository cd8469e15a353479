/** What every page loads: the shell's elements. Styles come with the page's HTML, before any script. */
import './theme_switch'
