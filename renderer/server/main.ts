import { createApp } from 'vue'
import { loadTheRest } from '../common/later'
import '../common/tokens.css'
import '../common/base.css'
import '../common/window/window.css'
import App from './App.vue'

createApp(App).mount('#app')
loadTheRest()
