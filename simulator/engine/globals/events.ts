import type { Value, World } from "./world.js";

/** `on`, `emit` and company, which every object has on Espruino; emitted events wait for the event loop. */
export function installEvents(world: World): void {
  const listeners = new WeakMap<object, Map<string, Value[]>>();
  const queue: (() => void)[] = [];

  function list(target: Value, event: string): Value[] {
    let events = listeners.get(target);
    if (!events) listeners.set(target, (events = new Map()));
    let handlers = events.get(event);
    if (!handlers) events.set(event, (handlers = []));
    return handlers;
  }

  function fire(target: Value, event: string, args: Value[]): boolean {
    const handlers = listeners.get(target)?.get(event);
    const own = target["#on" + event];
    if (!handlers?.length && own === undefined) return false;
    if (own !== undefined) world.run(own, target, args);
    for (const handler of [...(handlers ?? [])]) world.run(handler, target, args);
    return true;
  }

  function tell(target: Value, event: string): void {
    const name = world.devices.get(target);
    if (name !== undefined && event === "data") world.host.listen(name);
  }

  const methods = {
    on(this: Value, event: string, handler: Value) {
      if (typeof handler !== "function" && typeof handler !== "string" && !Array.isArray(handler))
        throw new TypeError("Expecting function for handler");
      list(this, event).push(handler);
      tell(this, event);
    },
    prependListener(this: Value, event: string, handler: Value) {
      list(this, event).unshift(handler);
      tell(this, event);
    },
    once(this: Value, event: string, handler: Value) {
      const wrapper = function (this: Value, ...args: Value[]) {
        methods.removeListener.call(this, event, wrapper);
        return handler.apply(this, args);
      };
      list(this, event).push(wrapper);
      tell(this, event);
    },
    emit(this: Value, event: string, ...args: Value[]) {
      world.later(() => fire(this, event, args));
    },
    removeListener(this: Value, event: string, handler: Value) {
      const handlers = list(this, event);
      const index = handlers.indexOf(handler);
      if (index >= 0) handlers.splice(index, 1);
    },
    removeAllListeners(this: Value, event?: string) {
      if (event === undefined) listeners.delete(this);
      else listeners.get(this)?.delete(event);
    },
  };
  world.methods(Object.prototype, methods);
  world.fire = fire;

  world.later = (action) => {
    queue.push(action);
    world.host.queued();
  };
  /** What waits for the event loop, one a call, so that each has its own error. */
  world.entries.event = () => queue.shift()?.();
  /** @returns whether somebody listened to the event of a global object */
  world.entries.fireOn = (name: string, event: string, ...args: Value[]) => {
    const target = (globalThis as Value)[name];
    return target === undefined ? false : fire(target, event, args);
  };
}
