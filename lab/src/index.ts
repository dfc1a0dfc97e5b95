export {
  type Lab,
  type LabConnection,
  type LabConnector,
  type LabOptions,
  type LabSimulators,
  startLab,
} from './lab.ts';
