import { mountPage } from '../common/page'
import '../common/tokens.css'
import '../common/base.css'
import '../common/forced-colors.css'
import '../common/window/window.css'
import { reportFailures } from '../common/report-failures'
import App from './App.vue'

mountPage(App, reportFailures)
