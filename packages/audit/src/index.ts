export { CHAIN_START, type ChainHead, chainEntry, rowHash } from './chain.ts';
