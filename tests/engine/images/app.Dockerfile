# A small web application. A release differs from the next by its version and by what it answers on /health.
FROM scratch
COPY bin /bin
COPY app /app
WORKDIR /tmp
ARG VERSION
ARG HEALTH=200
ENV APP_VERSION=$VERSION APP_HEALTH=$HEALTH
EXPOSE 8080
CMD ["/bin/sh", "/app/serve"]
