import type { Rule } from 'eslint';

export const keyedByData: Rule.RuleModule;
