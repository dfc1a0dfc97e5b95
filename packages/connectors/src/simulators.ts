export type { AbuseipdbSimulator } from './abuseipdb/simulator.ts';
export type { FortigateSimulator, SimulatedBan } from './fortigate/simulator.ts';
export { simulators } from './generated/simulators.ts';
export type { NftablesSimulator } from './nftables/simulator.ts';
export type { SimulatedMessage, SlackSimulator } from './slack/simulator.ts';
