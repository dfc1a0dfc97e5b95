import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { staleOn } from '../../app/live.ts';

staleOn(['participant'], ['fabricMap', 'listParticipants', 'getParticipant', 'listTopics', 'checkFabric']);
staleOn(['reaction'], ['fabricMap', 'listReactions', 'getReaction', 'listReactionEvents']);
staleOn(['storm'], ['fabricMap', 'listBreakers', 'listReactions', 'getReaction', 'listReactionEvents']);
staleOn(['delivery'], ['fabricMap', 'listDead', 'listConsumers']);
staleOn(['event'], ['listRecentEvents']);

/** The map of the fabric and what is behind it: topics, participants, reactions, dead letters. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: '/fabric',
      component: lazyRouteComponent(() => import('./map/map-page.tsx'), 'MapPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/fabric/topics',
      component: lazyRouteComponent(() => import('./topics/topics-page.tsx'), 'TopicsPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/fabric/participants',
      component: lazyRouteComponent(() => import('./participants/participants-page.tsx'), 'ParticipantsPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/fabric/participants/$id',
      component: lazyRouteComponent(() => import('./participants/participant-page.tsx'), 'ParticipantPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/fabric/reactions',
      component: lazyRouteComponent(() => import('./reactions/reactions-page.tsx'), 'ReactionsPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/fabric/reactions/$id',
      component: lazyRouteComponent(() => import('./reactions/reaction-page.tsx'), 'ReactionPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/fabric/dead',
      component: lazyRouteComponent(() => import('./dead/dead-page.tsx'), 'DeadPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/fabric/what-if',
      component: lazyRouteComponent(() => import('./what-if/what-if-page.tsx'), 'WhatIfPage'),
    }),
  ];
}
