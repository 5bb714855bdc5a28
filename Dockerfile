# Node 24 has support until April 2028. Debian's slim image, not Alpine: the tests prove glibc. A mirror: --build-arg NODE=...
ARG NODE=node:24-slim

FROM ${NODE} AS packages
WORKDIR /app
# A mirror of the registry: --build-arg NPM_CONFIG_REGISTRY=https://...
ARG NPM_CONFIG_REGISTRY
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE}
# HOST: the address inside the container; what of it is reachable, the published port decides. Without tsx's cache in /tmp nothing
# but the volume is ever written: `docker run --read-only` works.
ENV NODE_ENV=production \
    TSX_DISABLE_CACHE=1 \
    HOST=0.0.0.0 \
    PORT=3000 \
    STORE_URL=file:/var/lib/zhibu/db
WORKDIR /app
COPY --from=packages /app/node_modules node_modules/
COPY package.json LICENSE ./
COPY commands/ commands/
COPY jobs/ jobs/
COPY src/ src/
COPY data/ data/
RUN mkdir -m 0700 /var/lib/zhibu && chown node:node /var/lib/zhibu
USER node
VOLUME /var/lib/zhibu
EXPOSE 3000
# Alive and able to keep records; asked by the service's own command line.
HEALTHCHECK --interval=60s --timeout=10s --start-period=30s --retries=3 \
    CMD ["node", "--import", "tsx", "src/cli.ts", "doctor", "--health"]
# Never npm, which keeps a SIGTERM to itself. The program listens to signals and starts no processes: it may be number 1.
CMD ["node", "--import", "tsx", "src/main.ts"]
