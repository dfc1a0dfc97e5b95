export type { SimulatorRequest } from './request.ts';
export {
  type ConnectorSimulator,
  createSimulator,
  type Fault,
  type JournalEntry,
  type Simulator,
  type SimulatorAnswer,
  type SimulatorFactory,
  type SimulatorOptions,
  type SimulatorRoute,
} from './simulator.ts';
