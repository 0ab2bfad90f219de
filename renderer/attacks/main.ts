import { mountPage } from '../common/page'
import '../common/window/window.css'
import { reportFailures } from '../common/report-failures'
import App from './App.vue'

mountPage(App, reportFailures)
