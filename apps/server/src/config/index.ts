export {
  type ExplainedSetting,
  environmentName,
  explainConfig,
  type LoadedConfig,
  loadConfig,
} from './load.ts';
export { type Config, type SettingName, settings } from './settings.ts';
