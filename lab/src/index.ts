export {
  type Lab,
  type LabConnection,
  type LabConnector,
  type LabOptions,
  type LabSimulators,
  startLab,
} from './lab.ts';
export type { Mail } from './participants/mail-gateway.ts';
export { type LabTools, startTools, type ToolsOptions } from './participants/tools.ts';
