# The gateway's image. Build from the top of the repository:
#   docker build -f deploy/docker/gateway.Dockerfile -t ledgerlens-gateway .
# Behind a package mirror, pass --build-arg PIP_INDEX_URL=… --build-arg UV_DEFAULT_INDEX=…
FROM python:3.11-slim AS build
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
WORKDIR /build
COPY deploy/locks/tools.txt deploy/locks/gateway.txt ./
RUN pip install --no-cache-dir --require-hashes -r tools.txt \
    && uv venv --python /usr/local/bin/python /opt/venv \
    && uv pip sync --no-cache --compile-bytecode --python /opt/venv --require-hashes gateway.txt

FROM python:3.11-slim
RUN groupadd --gid 10001 ledgerlens \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin ledgerlens
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY shared ./shared
COPY services/__init__.py ./services/__init__.py
COPY services/gateway ./services/gateway
RUN /opt/venv/bin/python -m compileall -q .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8080
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/readyz', timeout=4)"]
CMD ["python", "-m", "services.gateway"]
