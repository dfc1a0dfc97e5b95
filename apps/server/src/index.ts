export { environmentName, explainConfig, type LoadedConfig, loadConfig } from './config/load.ts';
export { type SettingName, settings } from './config/settings.ts';
export { type Content, loadContent, shippedContent } from './content.ts';
export { offlineCatalogue, signaturesOf } from './desk.ts';
export { errors as serverErrors } from './errors.ts';
