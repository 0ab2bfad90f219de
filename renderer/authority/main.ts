import { createApp } from 'vue'
import { loadTheRest } from '../common/later'
import '../common/tokens.css'
import '../common/base.css'
import '../common/window/window.css'
import { reportFailures } from '../common/report-failures'
import App from './App.vue'

const app = createApp(App)
reportFailures(app)
app.mount('#app')
loadTheRest()
