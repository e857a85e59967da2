package com.example.orders;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Goes on answering for some seconds once it is asked to end: until the load balancer has learned that this pod goes.
 *
 * <p>A pod with a shell would sleep before it is asked. The image has none.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow
 */
@Component
class Drain implements SmartLifecycle {

    @ConfigurationProperties("drain")
    record Settings(@DefaultValue("15s") Duration delay) {
    }

    private final Settings settings;
    private volatile boolean running;

    Drain(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        try {
            Thread.sleep(settings.delay());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stopped before the web server, which is in the highest phases and ends gracefully after this. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
