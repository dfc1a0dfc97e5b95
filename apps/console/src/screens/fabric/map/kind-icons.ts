import {
  IconBolt,
  IconMessages,
  IconPlug,
  IconSchema,
  IconServer,
  IconTag,
  type TablerIcon,
} from '@tabler/icons-react';
import type { MapNode } from './map-graph.ts';

/** What stands for each kind of node: on the map, in its list and legend. */
export const KIND_ICONS: Readonly<Record<MapNode['kind'], TablerIcon>> = {
  participant: IconPlug,
  topic: IconTag,
  group: IconMessages,
  reaction: IconBolt,
  playbook: IconSchema,
  server: IconServer,
};
