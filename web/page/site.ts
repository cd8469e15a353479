/** What every page loads: the shell's elements, and the worker that keeps the site. Styles come with the page's HTML, before any script. */
import { startOffline } from './offline'
import './theme_switch'

void startOffline()
