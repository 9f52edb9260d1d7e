# One container is a whole bridge: without redis.url in the configuration it runs its private redis-server.
FROM node:24-slim

RUN apt-get update \
  && apt-get install -y --no-install-recommends redis-server ffmpeg \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /app
ENV NODE_ENV=production

COPY package.json package-lock.json ./
# The only install script fetches a Node for machines with an older one; here there is one already.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

COPY LICENSE ./
COPY config/bridge.example.yaml config/bridge.schema.json ./config/
COPY src ./src
COPY sandbox ./sandbox

# Writable for whichever user the container is run as.
RUN mkdir data && chown node:node data && chmod 1777 data
USER node
VOLUME /app/data
EXPOSE 3000

# Another port than 3000 belongs into PORT, which the bridge and this check both take.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# Node is process 1 and handles SIGTERM itself: the bridge finishes what is in hand within 10 s.
STOPSIGNAL SIGTERM
CMD ["node", "src/cli/main.ts", "serve"]
