/** The list of functions that serve people: what there is besides the kinds. */
import type { Service } from '../shared/serve/service';
import { service as diagnose } from './diagnose';
import { service as status } from './status';
import { service as verify } from './verify';

/** Every one: its name is its file, its function and its label. */
export const services: readonly Service[] = [diagnose, status, verify];
