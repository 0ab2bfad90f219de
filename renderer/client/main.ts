import { createApp } from 'vue'
import { loadTheRest } from '../common/later'
import App from './App.vue'
import '../common/tokens.css'
import '../common/base.css'

createApp(App).mount('#app')
loadTheRest()
