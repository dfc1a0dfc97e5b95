export { connectors } from './connectors.ts';
