import { exposeBridge } from './expose'

exposeBridge('server')
