export {
  type Config,
  environmentName,
  explainConfig,
  type LoadedConfig,
  loadConfig,
  type SettingName,
  settings,
} from './config/index.ts';
export { type Content, loadContent, shippedContent } from './content.ts';
export { offlineCatalogue } from './desk.ts';
export { type RunningEdge, startEdge } from './edge/start-edge.ts';
export { errors as serverErrors } from './errors.ts';
export { openFoundations } from './foundations.ts';
export type { ServerSeams } from './seams.ts';
export { type RunningServer, type StartStage, startServer } from './start.ts';
