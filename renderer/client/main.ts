import { createApp } from 'vue'
import { loadTheRest } from '../common/later'
import { reportFailures } from '../common/report-failures'
import App from './App.vue'
import '../common/tokens.css'
import '../common/base.css'

const app = createApp(App)
reportFailures(app)
app.mount('#app')
loadTheRest()
