/** The home page's elements: what this browser can do, and what it keeps. */
import './lesson/stored_data'
import './page/browser_facts'
