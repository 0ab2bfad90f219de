import { createApp } from 'vue'
import '../common/tokens.css'
import '../common/base.css'
import '../common/window/window.css'
import App from './App.vue'

createApp(App).mount('#app')
