import { mountPage } from '../common/page'
import { reportFailures } from '../common/report-failures'
import App from './App.vue'
import '../common/tokens.css'
import '../common/base.css'
import '../common/forced-colors.css'

mountPage(App, reportFailures)
