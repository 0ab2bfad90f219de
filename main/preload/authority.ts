import { exposeBridge } from './expose'

exposeBridge('authority')
