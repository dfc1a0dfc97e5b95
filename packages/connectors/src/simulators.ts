export type { AbuseipdbSimulator } from './abuseipdb/simulator.ts';
export { labSample, type SampleBehaviour } from './cuckoo/simulated-sample.ts';
export type { CuckooSimulator, SimulatedTask } from './cuckoo/simulator.ts';
export type { FortigateSimulator, SimulatedBan } from './fortigate/simulator.ts';
export { simulators } from './generated/simulators.ts';
export type { NftablesSimulator } from './nftables/simulator.ts';
export type { SimulatedMessage, SlackSimulator } from './slack/simulator.ts';
